package io.fulgur.benchmarks.driver;

import io.fulgur.benchmarks.protocol.Reply;

/** A running contestant with its model, as the driver sees it. */
interface Participant extends AutoCloseable {

  Reply.Burst warmUp(long millis);

  Reply.Burst run(int leadIn, int steps);

  /** The mean loss over so many training steps. */
  double loss(int steps);

  /** What the contestant says about itself by now. */
  Reply.Description describe();

  @Override
  void close();
}
