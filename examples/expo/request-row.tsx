import { useJob } from 'longhaul/react'
import { Pressable, StyleSheet, Text, View } from 'react-native'
import type { CountWordsJob } from './server-jobs'

const sentences: Record<CountWordsJob['status'], string> = {
  queued: 'Sending…',
  running: 'Counting…',
  waiting: 'Waiting…',
  failed: 'It failed.',
  completed: 'Done',
  cancelled: 'You cancelled it.',
}

/** One request: how far it is, what it came to, and what can be done about it. */
export function RequestRow({ id }: { readonly id: string }) {
  const { job, cancel, retry } = useJob<'count_words'>(id)
  if (job === undefined) return null
  const { status, progress, stage, error } = job
  const isOver = status === 'completed' || status === 'failed' || status === 'cancelled'

  return (
    <View style={styles.row}>
      <Text numberOfLines={1} style={styles.text}>
        {job.input.text}
      </Text>
      <View
        accessibilityRole="progressbar"
        accessibilityValue={{ min: 0, max: 100, now: progress }}
        style={styles.track}
      >
        <View style={[styles.bar, { width: `${progress}%` }]} />
      </View>
      <Text>
        {status === 'completed' ? `${job.result.words} words` : (stage ?? sentences[status])}
      </Text>
      {error !== null && <Text>{error.message}</Text>}
      {!isOver && <Action label="Cancel" onPress={cancel} />}
      {(status === 'failed' || status === 'cancelled') && <Action label="Retry" onPress={retry} />}
    </View>
  )
}

interface ActionProps {
  readonly label: string
  readonly onPress: () => Promise<void>
}

function Action({ label, onPress }: ActionProps) {
  return (
    <Pressable accessibilityRole="button" hitSlop={12} onPress={() => void onPress()}>
      <Text style={styles.action}>{label}</Text>
    </Pressable>
  )
}

const styles = StyleSheet.create({
  row: { gap: 6, paddingVertical: 12 },
  text: { fontWeight: '600' },
  track: { backgroundColor: '#e2e2e2', borderRadius: 3, height: 6, overflow: 'hidden' },
  bar: { backgroundColor: '#1f5eff', height: 6 },
  action: { color: '#1f5eff' },
})
