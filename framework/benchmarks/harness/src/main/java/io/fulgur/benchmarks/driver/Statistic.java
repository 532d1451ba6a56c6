package io.fulgur.benchmarks.driver;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fulgur.benchmarks.protocol.Reply;

/** What stands for the steps of a round. */
enum Statistic {
  /** For what every step does: garbage collections and other processes do not move it. */
  @JsonProperty("median")
  MEDIAN,

  /** For what only some steps do, such as logging, saving and waiting for data. */
  @JsonProperty("mean")
  MEAN;

  double nanos(Reply.Burst burst) {
    return this == MEDIAN ? burst.medianNanos() : burst.meanNanos();
  }
}
