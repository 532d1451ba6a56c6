package io.fulgur.data;

import io.fulgur.checkpoint.State;
import org.jspecify.annotations.Nullable;

/**
 * Where an epoch is begun to be read.
 *
 * @param batches after how many batches
 * @param position the {@linkplain SourceMark#position() place} as it was saved; null for none
 */
record EpochStart(long batches, @Nullable State position) {
  static final EpochStart FIRST = new EpochStart(0, null);
}
