package io.fulgur.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a loader: new ones for each epoch, or some that stay and wait for the next one.
 *
 * <p>Those that stay never run short: where an epoch starts before another is at its end, more
 * threads are started, and end with their work.
 */
final class WorkerThreads {
  private final int kept;
  private final Object lock = new Object();
  private final Deque<Share> waiting = new ArrayDeque<>();
  private int idle;
  private int started;
  private int generation;

  /** One thread's share of the work on an epoch. */
  private record Share(Runnable work, CountDownLatch running) {}

  /** Work that goes on. */
  @FunctionalInterface
  interface Work {
    /** Waits until all threads have ended it. */
    void await() throws InterruptedException;
  }

  /** Makes a set of threads of which so many stay when they have nothing to do. */
  WorkerThreads(int kept) {
    this.kept = kept;
  }

  /**
   * Runs work on so many threads at once.
   *
   * @param stop makes the work end, for when the system allows no more threads
   */
  Work start(int workers, Runnable work, Runnable stop) {
    return kept == 0 ? startFresh(workers, work, stop) : startKept(workers, work, stop);
  }

  private static Work startFresh(int workers, Runnable work, Runnable stop) {
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        Thread thread = new WorkerThread(i, work);
        thread.start();
        threads.add(thread);
      }
    } catch (Error e) {
      stop.run();
      throw e;
    }
    return () -> {
      for (Thread thread : threads) {
        thread.join();
      }
    };
  }

  private Work startKept(int workers, Runnable work, Runnable stop) {
    Share share = new Share(work, new CountDownLatch(workers));
    synchronized (lock) {
      try {
        for (int i = 0; i < workers; i++) {
          if (idle > 0) {
            idle--;
            waiting.add(share);
            lock.notifyAll();
          } else {
            int current = generation;
            new WorkerThread(started, () -> serve(share, current)).start();
            started++;
          }
        }
      } catch (Error e) {
        stop.run();
        throw e;
      }
    }
    return share.running()::await;
  }

  private void serve(Share first, int born) {
    Share share = first;
    while (share != null) {
      share.work().run();
      share = await(share, born);
    }
  }

  /** Tells that a share is done and returns the next one, or null if the thread is to end. */
  private @Nullable Share await(Share done, int born) {
    synchronized (lock) {
      boolean stays = born == generation && idle < kept;
      if (stays) {
        idle++;
      }
      // Whoever waits for this finds the thread among the idle ones.
      done.running().countDown();
      while (stays && waiting.isEmpty() && born == generation) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          // Nobody has a reason to, and the count of idle threads must stay true.
        }
      }
      return stays ? waiting.poll() : null;
    }
  }

  /** Lets the threads that wait end; work that goes on is done first. */
  void close() {
    synchronized (lock) {
      generation++;
      idle = 0;
      started = 0;
      lock.notifyAll();
    }
  }
}
