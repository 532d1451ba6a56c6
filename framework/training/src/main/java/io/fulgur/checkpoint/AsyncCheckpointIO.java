package io.fulgur.checkpoint;

import io.fulgur.profile.Actions;
import io.fulgur.profile.Profiler;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Has another {@link CheckpointIO} write in the background, while training goes on.
 *
 * <p>{@link #save} copies all tensors and returns; one thread then saves, copies, links and removes
 * in the order in which that was asked for, so that an old checkpoint goes only when the new one is
 * whole. There are at most two copies in memory, and as a rule one: who saves faster than the disk
 * writes waits. Copies are kept and used again until {@link #flush}.
 *
 * <p>If something fails in the background, whatever was to follow is left out, so that nothing is
 * removed for the sake of a checkpoint that was not saved. The error is thrown at the next call
 * that changes or reads something, or by {@link #flush}, which a trainer calls when a run ends,
 * fails or is asked to end.
 *
 * <p>Follows {@code lightning.pytorch.plugins.io.AsyncCheckpointIO}.
 *
 * @since 0.1
 */
public final class AsyncCheckpointIO implements CheckpointIO {
  private static final int SNAPSHOTS = 2;

  private final CheckpointIO delegate;
  private final BackgroundQueue queue = new BackgroundQueue("fulgur-checkpoints");
  private final SnapshotPool snapshots = new SnapshotPool(SNAPSHOTS);
  private volatile Profiler profiler = Profiler.NONE;

  /**
   * Wraps another IO.
   *
   * @param delegate who saves and loads; it is called by one thread at a time
   */
  public AsyncCheckpointIO(CheckpointIO delegate) {
    this.delegate = delegate;
  }

  @Override
  public void save(Checkpoint checkpoint, Path path) {
    queue.throwFailure();
    Snapshot snapshot = snapshots.acquire();
    boolean queued = false;
    try {
      Checkpoint copy = snapshot.take(checkpoint);
      queue.add(
          path,
          /* makes= */ true,
          measured(Actions.WRITE_CHECKPOINT, () -> delegate.save(copy, path)),
          () -> snapshots.release(snapshot));
      queued = true;
    } finally {
      if (!queued) {
        snapshots.release(snapshot);
      }
    }
  }

  /** {@inheritDoc} Waits for what is being written. */
  @Override
  public Checkpoint load(Path path) {
    queue.await();
    return delegate.load(path);
  }

  /** {@inheritDoc} Waits for what is being written. */
  @Override
  public Checkpoint loadWeights(Path path) {
    queue.await();
    return delegate.loadWeights(path);
  }

  /** {@inheritDoc} Waits for what is being written. */
  @Override
  public CheckpointMetadata loadMetadata(Path path) {
    queue.await();
    return delegate.loadMetadata(path);
  }

  @Override
  public void remove(Path path) {
    queue.throwFailure();
    queue.add(
        path, /* makes= */ false, measured(Actions.REMOVE_CHECKPOINT, () -> delegate.remove(path)));
  }

  @Override
  public void copy(Path source, Path target) {
    queue.throwFailure();
    queue.add(
        target,
        /* makes= */ true,
        measured(Actions.COPY_CHECKPOINT, () -> delegate.copy(source, target)));
  }

  @Override
  public void link(Path target, Path link) {
    queue.throwFailure();
    queue.add(
        link,
        /* makes= */ true,
        measured(Actions.LINK_CHECKPOINT, () -> delegate.link(target, link)));
  }

  @Override
  public boolean exists(Path path) {
    Boolean soon = queue.willExist(path);
    return soon == null ? delegate.exists(path) : soon;
  }

  /** {@inheritDoc} Makes what the first copy lacks of its memory, in the background. */
  @Override
  public void prepare(Supplier<Checkpoint> example) {
    Map<String, Snapshot.Block> blocks = Snapshot.blocks(example.get());
    Snapshot snapshot = snapshots.startPreparing();
    if (snapshot != null) {
      queue.add(
          measured(Actions.RESERVE_MEMORY, () -> snapshot.reserve(blocks)),
          snapshots::endPreparing);
    }
  }

  @Override
  public void profile(Profiler by) {
    profiler = by;
    delegate.profile(by);
  }

  /** Returns work that the profiler, if there is one, is told of by the thread that does it. */
  private Runnable measured(String action, Runnable work) {
    return () -> {
      Profiler by = profiler;
      try (Profiler.Region region = by == Profiler.NONE ? null : by.region(action)) {
        work.run();
      }
    };
  }

  /** {@inheritDoc} Also gives the memory of the copies back. */
  @Override
  public void flush() {
    try {
      queue.await();
    } finally {
      snapshots.freeAll();
    }
    delegate.flush();
  }
}
