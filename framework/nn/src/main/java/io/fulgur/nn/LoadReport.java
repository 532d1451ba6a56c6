package io.fulgur.nn;

import java.util.List;

/**
 * What {@link Module#loadStateDict(java.util.Map, boolean)} left alone.
 *
 * @param missing names of the module that the state dict did not have
 * @param unexpected names of the state dict that the module does not have
 * @since 0.1
 */
public record LoadReport(List<String> missing, List<String> unexpected) {
  /** Makes a report of copies of both lists. */
  public LoadReport {
    missing = List.copyOf(missing);
    unexpected = List.copyOf(unexpected);
  }
}
