package io.fulgur.tensorboard;

import java.nio.file.Path;

/**
 * The end of an event file that stops in the middle of a record: it is being written at the moment,
 * or its writer was killed.
 *
 * @param file the event file
 * @param offsetBytes where the incomplete record starts; all records before it are complete
 * @since 0.1
 */
public record TruncatedTail(Path file, long offsetBytes) {}
