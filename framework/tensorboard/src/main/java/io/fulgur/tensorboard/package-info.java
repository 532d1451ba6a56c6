/**
 * Reads and writes the event files that TensorBoard shows.
 *
 * <p>{@link io.fulgur.tensorboard.SummaryWriter} is where to start: scalars, text, histograms,
 * images and hyperparameters under a tag and a step. It stands on {@link
 * io.fulgur.tensorboard.EventFileWriter}, which writes any {@link org.tensorflow.proto.Event} from
 * a thread of its own. {@link io.fulgur.tensorboard.EventFileReader} reads such files back, those
 * of PyTorch and TensorFlow too. The package needs no TensorFlow at run time, only its protobuf
 * messages, and knows nothing of the rest of Fulgur.
 */
@NullMarked
package io.fulgur.tensorboard;

import org.jspecify.annotations.NullMarked;
