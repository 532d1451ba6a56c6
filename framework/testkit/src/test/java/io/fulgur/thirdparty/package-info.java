/** What somebody else writes: a plugin and a module that use nothing but what is public. */
@NullMarked
package io.fulgur.thirdparty;

import org.jspecify.annotations.NullMarked;
