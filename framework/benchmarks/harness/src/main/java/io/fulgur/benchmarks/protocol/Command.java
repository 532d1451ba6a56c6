package io.fulgur.benchmarks.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What the driver asks of a contestant; each command is answered by one {@link Reply}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Command.WarmUp.class, name = "warm-up"),
  @JsonSubTypes.Type(value = Command.Run.class, name = "run"),
  @JsonSubTypes.Type(value = Command.MeasureLoss.class, name = "loss"),
  @JsonSubTypes.Type(value = Command.Describe.class, name = "describe"),
})
public sealed interface Command {

  /**
   * Trains until {@code millis} have passed, and for one step at least; answered by {@link
   * Reply.Burst}.
   */
  record WarmUp(long millis) implements Command {}

  /**
   * Trains for {@code leadIn} steps that are not measured, because caches and clock rate have to
   * recover from the pause before, and then for {@code steps} that are; answered by {@link
   * Reply.Burst}.
   */
  record Run(int leadIn, int steps) implements Command {}

  /** Trains for {@code steps} and averages their losses; answered by {@link Reply.Loss}. */
  record MeasureLoss(int steps) implements Command {}

  /** Asks for what is known by now; answered by {@link Reply.Description}. */
  record Describe() implements Command {}
}
