/** Runs tasks one after the other, in the order in which they were asked for. A failing task does not stop the next. */
export interface Lane {
  run<T>(task: () => Promise<T> | T): Promise<T>
  /** Nothing runs and nothing waits. */
  readonly idle: boolean
}

export function createLane(): Lane {
  let tail: Promise<unknown> = Promise.resolve()
  let open = 0
  return {
    run: (task) => {
      open++
      const result = tail.then(task)
      const done = () => {
        open--
      }
      tail = result.then(done, done)
      return result
    },
    get idle() {
      return open === 0
    },
  }
}
