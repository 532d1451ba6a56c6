package io.fulgur.callback.prediction;

/**
 * What one output has for one sample.
 *
 * @param output the output of the whole batch
 * @param row which sample of the batch
 */
record RowValue(OutputValues output, int row) {
  int size() {
    return output.perRow();
  }

  long[] shape() {
    return output.shape();
  }

  Object get(int index) {
    return output.get(row, index);
  }
}
