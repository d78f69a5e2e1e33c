/** The whole table. */
import type { Section } from "./Row.ts"
import { bodies } from "./rows/bodies.ts"
import { downloads } from "./rows/downloads.ts"
import { fields } from "./rows/fields.ts"
import { retries } from "./rows/retries.ts"
import { statuses } from "./rows/statuses.ts"
import { waits } from "./rows/waits.ts"

export const table: ReadonlyArray<Section> = [statuses, bodies, fields, retries, waits, downloads]
