import { useConnectionNotice } from 'longhaul/react'
import { Pressable, Text } from 'react-native'

/** Says when what is shown may be old, once that has lasted. */
export function ConnectionNote() {
  const { isTrouble, text, retryNow } = useConnectionNotice()
  if (!isTrouble) return null
  return (
    <Pressable accessibilityRole="button" onPress={retryNow}>
      <Text>{text} Tap to try again.</Text>
    </Pressable>
  )
}
