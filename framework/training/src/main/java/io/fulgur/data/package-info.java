/**
 * Samples, data sets, loaders and data modules.
 *
 * <p>Everything up to a {@link io.fulgur.data.HostBatch} is plain Java memory, so that worker
 * threads can make it; only {@link io.fulgur.data.HostBatch#toBatch()}, on the training thread,
 * makes tensors.
 */
@NullMarked
package io.fulgur.data;

import org.jspecify.annotations.NullMarked;
