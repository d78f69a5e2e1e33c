/**
 * Poll queue of one endpoint: which of the due jobs goes next. The job that is expected to end soonest goes first, and every fourth
 * time the one that has waited longest, so that none starves.
 *
 * @module
 */
import { PriorityQueue } from "./PriorityQueue.ts"
import { never, type TrackedJob, type Turn } from "./TrackedJob.ts"

/** Jobs by due time, and the due ones by their expected end and by how long they have waited. */
export class PollQueue {
  readonly #scheduled = new PriorityQueue<Turn>(isCurrent, (one, other) => one.at - other.at || one.order - other.order)
  readonly #soonest = new PriorityQueue<Turn>(isCurrent, bySoonestEnd)
  readonly #longest = new PriorityQueue<Turn>(isCurrent, (one, other) => orderOf(one) - orderOf(other))
  #orders = 0
  #picks = 0
  #due = 0

  /** How many jobs are due. */
  get dueCount(): number {
    return this.#due
  }

  /** Queues a job's next poll, in place of one that is queued. A due job that stays due keeps its position. */
  schedule(job: TrackedJob): void {
    const { due, expectedEnd, turn } = job
    if (due === undefined) return
    if (turn !== undefined && turn.at === due && turn.expectedEnd === expectedEnd) return
    const dueOrder = turn !== undefined && due <= turn.at ? turn.dueOrder : undefined
    this.cancel(job)
    job.turn = { job, at: due, order: this.#orders++, expectedEnd, dueOrder }
    if (dueOrder === undefined) this.#scheduled.push(job.turn)
    else this.#enqueue(job.turn)
  }

  /** Takes a job out of the queue. */
  cancel(job: TrackedJob): void {
    if (job.turn?.dueOrder !== undefined) this.#due -= 1
    job.turn = undefined
  }

  /** Moves jobs to the due ones, as many as given at most. */
  promote(now: number, most: number): void {
    for (let count = 0; count < most; count++) {
      const turn = this.#scheduled.first()
      if (turn === undefined || turn.at > now) return
      this.#scheduled.shift()
      turn.dueOrder = this.#orders++
      this.#enqueue(turn)
    }
  }

  #enqueue(turn: Turn): void {
    this.#due += 1
    this.#soonest.push(turn)
    this.#longest.push(turn)
  }

  /** When the next job becomes due. */
  get nextAt(): number {
    return this.#scheduled.first()?.at ?? never
  }

  /** The due job that goes next. */
  first(): TrackedJob | undefined {
    const queue = this.#picks % fairPick === fairPick - 1 ? this.#longest : this.#soonest
    return queue.first()?.job
  }

  /** Since when the job that has waited longest has been due, on the elapsed clock. */
  get longestDueSince(): number | undefined {
    return this.#longest.first()?.at
  }

  /** Takes the due job that goes next out of the queue. */
  take(): TrackedJob | undefined {
    const job = this.first()
    if (job === undefined) return undefined
    this.#picks += 1
    this.cancel(job)
    // Each job leaves its entry in one of the two queues behind.
    this.#soonest.compactTo(this.#due)
    this.#longest.compactTo(this.#due)
    return job
  }
}

/**
 * With every fourth poll for the job that has waited longest, a job that becomes due as the n-th is polled after 4 n polls at the latest:
 * after 4 × (due jobs ÷ throughput).
 */
const fairPick = 4

const isCurrent = (turn: Turn): boolean => turn.job.turn === turn

const orderOf = ({ dueOrder }: Turn): number => dueOrder ?? never

const bySoonestEnd = (one: Turn, other: Turn): number =>
  one.expectedEnd === other.expectedEnd ? orderOf(one) - orderOf(other) : one.expectedEnd - other.expectedEnd
