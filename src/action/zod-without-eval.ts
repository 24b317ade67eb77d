import { config } from 'zod/mini'

// Set before any schema is made: zod would compile each one with `new Function`, which a single use does not earn back.
config({ jitless: true })
