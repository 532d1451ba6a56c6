package io.fulgur.callback;

/**
 * A callback that shows what a module consists of when a fit begins. One of a user's own replaces
 * the default.
 *
 * @since 0.1
 */
public interface SummaryDisplay extends Callback {}
