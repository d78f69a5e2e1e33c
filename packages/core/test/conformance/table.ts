/** The whole table. */
import type { Section } from "./Row.ts"
import { bodies } from "./rows/bodies.ts"
import { fields } from "./rows/fields.ts"
import { retries } from "./rows/retries.ts"
import { statuses } from "./rows/statuses.ts"

export const table: ReadonlyArray<Section> = [statuses, bodies, fields, retries]
