package io.fulgur.nn;

import io.fulgur.tensor.Tensor;

/**
 * What a recurrent network returns.
 *
 * @param output the last layer's hidden states, {@code [batch, time, directions · hiddenSize]} (or
 *     with time first), 0 after a sequence's end
 * @param state the state of every layer and direction after each sequence's last step
 * @since 0.1
 */
public record RecurrentOutput(Tensor output, RecurrentState state) {}
