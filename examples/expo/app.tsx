import NetInfo from '@react-native-community/netinfo'
import { LonghaulProvider } from 'longhaul/react'
import { reactNativeWakeUps } from 'longhaul/react-native'
import { AppState } from 'react-native'
import { WordsScreen } from './words-screen'

// The computer that runs examples/express, as the phone sees it.
const server = process.env['EXPO_PUBLIC_SERVER'] ?? 'http://localhost:3000'

const wakeUps = reactNativeWakeUps({ AppState, NetInfo })

// Stands for a session: examples/express takes whoever gives a name for that user.
const user = 'ada'

export function App() {
  return (
    <LonghaulProvider
      url={`${server}/api/longhaul`}
      session={user}
      getToken={() => user}
      wakeUps={wakeUps}
    >
      <WordsScreen />
    </LonghaulProvider>
  )
}
