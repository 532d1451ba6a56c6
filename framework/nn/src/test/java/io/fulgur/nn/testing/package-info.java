/** What the tests of this module share. */
@NullMarked
package io.fulgur.nn.testing;

import org.jspecify.annotations.NullMarked;
