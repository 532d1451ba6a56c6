/** What killed processes, signals and full disks leave behind. */
@NullMarked
package io.fulgur.damage;

import org.jspecify.annotations.NullMarked;
