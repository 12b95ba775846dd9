import { useCreateJob, useJobs } from 'longhaul/react'
import { useState } from 'react'
import { FlatList, Pressable, StyleSheet, Text, TextInput, View } from 'react-native'
import { ConnectionNote } from './connection-note'
import { RequestRow } from './request-row'

/** Ask for something that takes its time, and see what becomes of it and of all that was asked before. */
export function WordsScreen() {
  const [text, setText] = useState('')
  const { createJob, error, isLoading } = useCreateJob('count_words')
  const { jobs } = useJobs({ type: ['count_words'] })

  return (
    <View style={styles.screen}>
      <Text accessibilityRole="header" style={styles.heading}>
        How many words?
      </Text>
      <ConnectionNote />
      <TextInput
        accessibilityLabel="Text"
        multiline
        onChangeText={setText}
        placeholder="So it goes."
        style={styles.text}
        value={text}
      />
      <Pressable
        accessibilityRole="button"
        disabled={isLoading || text.trim() === ''}
        onPress={() => void createJob({ text }).then((job) => job !== undefined && setText(''))}
        style={styles.button}
      >
        <Text style={styles.buttonText}>{isLoading ? 'Counting…' : 'Count'}</Text>
      </Pressable>
      {error !== null && <Text accessibilityRole="alert">{error.message}</Text>}
      <FlatList
        data={jobs}
        keyExtractor={({ id }) => id}
        renderItem={({ item }) => <RequestRow id={item.id} />}
      />
    </View>
  )
}

const styles = StyleSheet.create({
  screen: { flex: 1, gap: 12, padding: 20, paddingTop: 64 },
  heading: { fontSize: 28, fontWeight: '600' },
  text: { borderColor: '#8a8a8a', borderRadius: 8, borderWidth: 1, minHeight: 96, padding: 12 },
  button: { backgroundColor: '#1f5eff', borderRadius: 8, padding: 14 },
  buttonText: { color: 'white', fontWeight: '600', textAlign: 'center' },
})
