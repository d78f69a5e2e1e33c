/**
 * Proof that the table of job kinds and the OpenAPI document name the same operations and paths.
 *
 * @module
 */
import type { operations, paths } from "./generated/job-status.ts"
import type { JobKind, jobKinds, OperationId } from "./model/index.ts"

export type { OperationId } from "./model/index.ts"

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Holds<T extends true> = T

/** This stops compiling when the table and the document part. @internal */
export type Proofs = [
  Holds<Equal<OperationId, keyof operations>>,
  Holds<Equal<(typeof jobKinds)[JobKind]["path"], keyof paths>>
]
