package io.fulgur.tensorboard;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.Event;

/** The events between the threads that add them and the one that writes them. */
final class EventQueue {
  /*
   * A BlockingQueue would do but for two things. Whether the writer is closed must be decided in the
   * same breath as the adding, or an event added during close() could slip in behind the last one
   * written and be lost without a word. And its consumer must be woken for each element, which costs
   * the adding thread microseconds in the kernel; here the writing thread sleeps until the queue is
   * half full, a flush is asked for or its interval is over, and then takes everything at once.
   *
   * The bytes are bounded too: a queue of images would else outgrow the heap.
   */
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notFull = lock.newCondition();
  private final Path file;
  private final int capacity;
  private final long capacityBytes;

  private List<Supplier<Event>> events = new ArrayList<>();
  private long payloadBytes;
  private boolean drainDue;
  private boolean closed;
  private @Nullable EventFileException failure;

  EventQueue(Path file, int capacity, long capacityBytes) {
    this.file = file;
    this.capacity = capacity;
    this.capacityBytes = capacityBytes;
  }

  /**
   * Adds an event, waiting while the queue is full.
   *
   * @return whether the caller must see to it that the queue is drained
   */
  boolean add(Supplier<Event> event, long eventPayloadBytes) {
    lock.lock();
    try {
      requireUsable();
      while (events.size() >= capacity || payloadBytes >= capacityBytes) {
        notFull.awaitUninterruptibly();
        requireUsable();
      }
      events.add(event);
      payloadBytes += eventPayloadBytes;
      if (drainDue || (events.size() < capacity / 2 && payloadBytes < capacityBytes / 2)) {
        return false;
      }
      drainDue = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes all waiting events, oldest first, and lets waiting callers go on. */
  List<Supplier<Event>> takeAll() {
    lock.lock();
    try {
      List<Supplier<Event>> taken = events;
      events = new ArrayList<>();
      payloadBytes = 0;
      drainDue = false;
      notFull.signalAll();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses further events with this failure, unless one came before, and forgets those that wait.
   */
  void fail(EventFileException why) {
    lock.lock();
    try {
      failure = (failure == null) ? why : failure;
      events.clear();
      payloadBytes = 0;
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses further events as closed.
   *
   * @return false if it was closed before
   */
  boolean close() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      notFull.signalAll();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Throws if events can no longer be added. */
  void requireUsable() {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "The event file " + file + " is closed. Open a new writer on its folder to go on.");
      }
      requireNoFailure();
    } finally {
      lock.unlock();
    }
  }

  /** Throws if writing has failed, each time with the stack of the caller who learns of it. */
  void requireNoFailure() {
    lock.lock();
    try {
      if (failure != null) {
        throw new EventFileException(String.valueOf(failure.getMessage()), failure.getCause());
      }
    } finally {
      lock.unlock();
    }
  }
}
