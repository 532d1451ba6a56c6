/**
 * Checkpoints: safetensors files, written atomically and checked when they are read.
 *
 * <p>{@link io.fulgur.checkpoint.Checkpoint} is what is saved, {@link
 * io.fulgur.checkpoint.CheckpointIO} where and how, {@link io.fulgur.checkpoint.Stateful}
 * everything that contributes. {@link io.fulgur.checkpoint.SafeTensorsReader} and {@link
 * io.fulgur.checkpoint.SafeTensorsWriter} read and write any safetensors file, {@link
 * io.fulgur.checkpoint.AtomicFiles} any file that must never be half written.
 */
@NullMarked
package io.fulgur.checkpoint;

import org.jspecify.annotations.NullMarked;
