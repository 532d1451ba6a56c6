package io.fulgur.profile;

/**
 * What an action or an operator has cost.
 *
 * @param name what it is called
 * @param calls how many times it ended
 * @param totalNanos how long it took in all, with the actions inside
 * @param selfNanos how long it took without those inside that are of its kind
 * @since 0.1
 */
public record ActionTime(String name, long calls, long totalNanos, long selfNanos) {
  /** Returns how long it took on average. */
  public double meanNanos() {
    return calls == 0 ? 0 : (double) totalNanos / calls;
  }
}
