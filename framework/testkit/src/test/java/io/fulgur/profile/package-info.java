@NullMarked
package io.fulgur.profile;

import org.jspecify.annotations.NullMarked;
