/** Callbacks that log how a run goes: learning rates, throughput, the use of the machine. */
@NullMarked
package io.fulgur.callback.monitor;

import org.jspecify.annotations.NullMarked;
