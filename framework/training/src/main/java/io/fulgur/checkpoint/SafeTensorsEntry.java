package io.fulgur.checkpoint;

import io.fulgur.tensor.DType;
import io.fulgur.tensor.Shape;

/**
 * One tensor in a safetensors file.
 *
 * @param name its name
 * @param dtype the type of its elements
 * @param shape its sizes
 * @param begin its first byte, counted from the start of the data
 * @param end the byte after its last, counted from the start of the data
 * @since 0.1
 */
public record SafeTensorsEntry(String name, DType dtype, Shape shape, long begin, long end) {
  /** Returns how many bytes its elements take. */
  public long sizeBytes() {
    return end - begin;
  }
}
