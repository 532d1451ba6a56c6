/** What an author of a plugin tests with. */
@NullMarked
package io.fulgur.testkit;

import org.jspecify.annotations.NullMarked;
