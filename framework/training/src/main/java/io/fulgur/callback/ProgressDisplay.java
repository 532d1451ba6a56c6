package io.fulgur.callback;

/**
 * A callback that shows how far a run is. A trainer has one at most; one of a user's own replaces
 * the default.
 *
 * @since 0.1
 */
public interface ProgressDisplay extends Callback {}
