package io.fulgur.checkpoint;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;
import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Memory of its own for the tensors of a checkpoint, filled again and again.
 *
 * <p>What was copied once stays allocated, as the checkpoints of a run are alike: new memory costs
 * a page fault for every 4 KiB, which together take several times as long as copying. All pieces
 * are copied at once, by the caller and the threads of the common pool, who share the faults, too.
 */
final class Snapshot {
  private static final String SEPARATOR = ":";
  private static final int PAGE_BYTES = 1 << 12;
  private static final int PIECE_BYTES = 1 << 30;

  private Map<String, Tensor> memory = new HashMap<>();

  /** What one tensor takes. */
  record Block(DType dtype, Shape shape) {
    static Block of(Tensor tensor) {
      return new Block(tensor.dtype(), tensor.shape());
    }
  }

  /** Bytes to copy. */
  private record Piece(ByteBuffer source, ByteBuffer target) {
    void copy() {
      target.put(source);
    }
  }

  /** What is being copied; it keeps the tensors that it reads from alive. */
  private static final class Plan {
    final Map<String, Tensor> memory = new HashMap<>();
    final List<Piece> pieces = new ArrayList<>();
    final List<Tensor> sources = new ArrayList<>();

    void add(Tensor source, Tensor target) {
      Tensor dense = source.isContiguous() ? source : source.detach().contiguous();
      sources.add(dense);
      Storage storage = target.view().storage();
      try {
        TensorBytes.read(
            dense,
            (offset, piece) -> {
              ByteBuffer place = storage.hostBytes(offset, piece.remaining());
              if (place == null) {
                storage.copyIn(offset, piece);
              } else {
                pieces.add(new Piece(piece, place));
              }
            });
      } catch (IOException e) {
        throw new UncheckedIOException("Copying in memory does no input or output", e);
      }
    }

    void copy() {
      try {
        pieces.parallelStream().forEach(Piece::copy);
      } finally {
        Reference.reachabilityFence(sources);
      }
    }
  }

  /** Returns what a snapshot of a checkpoint takes. */
  static Map<String, Block> blocks(Checkpoint live) {
    Map<String, Block> blocks = new LinkedHashMap<>();
    live.weights().forEach((name, tensor) -> blocks.put(name, Block.of(tensor)));
    for (String key : live.stateKeys()) {
      live.state(key)
          .tensorsByPath()
          .forEach((name, tensor) -> blocks.put(key + SEPARATOR + name, Block.of(tensor)));
    }
    return blocks;
  }

  /**
   * Allocates the memory that is not there yet and touches each page, so that the system has found
   * it before it is needed.
   */
  void reserve(Map<String, Block> blocks) {
    Plan rehearsal = new Plan();
    blocks.forEach(
        (name, block) -> {
          Tensor present = memory.remove(name);
          Tensor tensor = memoryFor(present, block.dtype(), block.shape());
          memory.put(name, tensor);
          if (tensor != present) {
            touch(tensor);
            rehearsal.add(tensor, tensor);
          }
        });
    // Onto itself: training is not to wait until the code is loaded and the pool has its threads.
    rehearsal.copy();
  }

  private static void touch(Tensor tensor) {
    Storage storage = tensor.view().storage();
    long sizeBytes = tensor.elements() * tensor.dtype().sizeBytes();
    for (long start = 0; start < sizeBytes; start += PIECE_BYTES) {
      ByteBuffer piece = storage.hostBytes(start, Math.min(PIECE_BYTES, sizeBytes - start));
      for (int at = 0; piece != null && at < piece.remaining(); at += PAGE_BYTES) {
        piece.put(at, (byte) 0);
      }
    }
  }

  /** Returns the memory there is, by the names of {@link #blocks}. */
  Map<String, Tensor> memory() {
    return Map.copyOf(memory);
  }

  /** Returns a checkpoint that holds what the given one holds now, until the next call. */
  Checkpoint take(Checkpoint live) {
    Plan plan = new Plan();
    Map<String, Tensor> weights = copies("", live.weights(), plan);
    Map<String, State> states = new LinkedHashMap<>();
    for (String key : live.stateKeys()) {
      State state = live.state(key);
      states.put(
          key,
          State.read(key, state.toJson(), copies(key + SEPARATOR, state.tensorsByPath(), plan)));
    }
    plan.copy();
    free();
    memory = plan.memory;
    return new Checkpoint(live.metadata(), weights, states, /* source= */ null);
  }

  private Map<String, Tensor> copies(String prefix, Map<String, Tensor> live, Plan plan) {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    live.forEach(
        (name, source) -> {
          Tensor target = memoryFor(memory.remove(prefix + name), source.dtype(), source.shape());
          plan.memory.put(prefix + name, target);
          plan.add(source, target);
          copies.put(name, target);
        });
    return copies;
  }

  private static Tensor memoryFor(@Nullable Tensor present, DType dtype, Shape shape) {
    if (present != null && present.dtype() == dtype && present.shape().equals(shape)) {
      return present;
    }
    if (present != null) {
      free(present);
    }
    return Tensor.keptEmpty(dtype, shape);
  }

  /** Gives the memory back. */
  void free() {
    memory.values().forEach(Snapshot::free);
    memory.clear();
  }

  private static void free(Tensor tensor) {
    Storage storage = tensor.view().storage();
    tensor.release();
    storage.free();
  }
}
