// Made from src/input/Commands.ts by `pnpm generate`. Do not edit.
export const version = "0.1.0"
