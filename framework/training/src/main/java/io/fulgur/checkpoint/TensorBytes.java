package io.fulgur.checkpoint;

import io.fulgur.tensor.Storage;
import io.fulgur.tensor.Tensor;
import io.fulgur.tensor.View;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The memory of tensors in pieces: in place where the host can address it, through a small buffer
 * where it cannot.
 */
final class TensorBytes {
  private static final int STAGING_BYTES = 1 << 20;
  private static final int PIECE_BYTES = 1 << 22;

  private TensorBytes() {}

  /** Takes or fills the bytes of a tensor from an offset on, completely. */
  @FunctionalInterface
  interface PieceConsumer {
    void accept(long offset, ByteBuffer piece) throws IOException;
  }

  /** Hands out the elements in row-major order. */
  static void read(Tensor tensor, PieceConsumer consumer) throws IOException {
    View view = tensor.isContiguous() ? tensor.view() : tensor.detach().contiguous().view();
    Storage storage = view.storage();
    long end = sizeBytes(view);
    for (long done = 0; done < end; ) {
      ByteBuffer piece = storage.hostBytes(start(view) + done, Math.min(end - done, PIECE_BYTES));
      if (piece == null) {
        piece = ByteBuffer.allocateDirect((int) Math.min(end - done, STAGING_BYTES));
        storage.copyOut(start(view) + done, piece);
        piece.flip();
      }
      int size = piece.remaining();
      consumer.accept(done, piece);
      done += size;
    }
  }

  /** Has the elements of a contiguous tensor filled in row-major order. */
  static void write(Tensor tensor, PieceConsumer producer) throws IOException {
    View view = tensor.view();
    Storage storage = view.storage();
    long end = sizeBytes(view);
    for (long done = 0; done < end; ) {
      ByteBuffer piece = storage.hostBytes(start(view) + done, Math.min(end - done, PIECE_BYTES));
      boolean inPlace = piece != null;
      if (piece == null) {
        piece = ByteBuffer.allocateDirect((int) Math.min(end - done, STAGING_BYTES));
      }
      int size = piece.remaining();
      producer.accept(done, piece);
      if (!inPlace) {
        storage.copyIn(start(view) + done, piece.flip());
      }
      done += size;
    }
  }

  private static long start(View view) {
    return view.offset() * view.dtype().sizeBytes();
  }

  private static long sizeBytes(View view) {
    return view.elements() * view.dtype().sizeBytes();
  }
}
