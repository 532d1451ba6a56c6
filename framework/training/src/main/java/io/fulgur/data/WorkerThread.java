package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;

/** A thread that makes batches. */
final class WorkerThread extends Thread {
  private final int index;
  private boolean prepared;

  WorkerThread(int index, Runnable work) {
    super(work, "fulgur-data-worker-" + index);
    this.index = index;
    setDaemon(true);
  }

  /** Runs the user's preparation, if it has not been run on this thread. */
  void prepare(WorkerStart start, long loaderSeed) {
    if (prepared) {
      return;
    }
    try {
      start.start(new WorkerContext(index, EpochContext.workerSeed(loaderSeed, index)));
      prepared = true;
    } catch (Exception | AssertionError | LinkageError e) {
      throw new FulgurException(
          ErrorId.WORKER_START_FAILED,
          "The workerStart function failed on worker %d. Mend it, or leave it out.\n   %s"
              .formatted(index, e),
          e);
    }
  }
}
