import { longhaul } from '@/lib/longhaul'

export const { GET, POST, PUT, DELETE, OPTIONS } = longhaul.handlers
