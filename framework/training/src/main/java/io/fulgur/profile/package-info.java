/**
 * Where the time of a run goes: a table of actions, a trace to look at in Perfetto, and what the
 * loops always measure.
 */
@NullMarked
package io.fulgur.profile;

import org.jspecify.annotations.NullMarked;
