/** What others do at the moments of a run: {@link io.fulgur.callback.Callback} and its dispatch. */
@NullMarked
package io.fulgur.callback;

import org.jspecify.annotations.NullMarked;
