package io.fulgur.data;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stacks samples that are alike. */
final class StackCollate implements Collate {
  static final StackCollate INSTANCE = new StackCollate();

  private StackCollate() {}

  @Override
  public HostBatch collate(List<Sample> samples, HostArrays arrays) {
    return collate(samples, SequentialSampler.range(samples.size()), arrays);
  }

  /** Makes the batch; {@code indices} tell which samples these are, for error messages. */
  HostBatch collate(List<Sample> samples, long[] indices, HostArrays arrays) {
    Sample first = samples.get(0);
    for (int i = 1; i < samples.size(); i++) {
      if (!samples.get(i).names().equals(first.names())) {
        throw differ(
            "Sample %d has the values %s, but sample %d has %s"
                .formatted(indices[i], samples.get(i).names(), indices[0], first.names()),
            "Give every sample the same names");
      }
    }
    Map<String, HostArray> values = new LinkedHashMap<>();
    for (String name : first.names()) {
      values.put(name, stack(name, samples, indices, arrays));
    }
    return HostBatch.of(samples.size(), values, arrays);
  }

  private static HostArray stack(
      String name, List<Sample> samples, long[] indices, HostArrays arrays) {
    HostArray first = samples.get(0).get(name);
    HostArray out = arrays.take(first.dtype(), first.shape().inserted(0, samples.size()));
    int length = first.elements();
    for (int i = 0; i < samples.size(); i++) {
      HostArray row = samples.get(i).get(name);
      if (row.dtype() != first.dtype() || !row.shape().equals(first.shape())) {
        throw differ(
            "\"%s\" of sample %d is %s, but of sample %d it is %s"
                .formatted(name, indices[i], row, indices[0], first),
            "Make them alike in the data set or with map(...), or pad them in a collate "
                + "function of your own");
      }
      System.arraycopy(row.values(), 0, out.values(), i * length, length);
    }
    return out;
  }

  private static FulgurException differ(String what, String remedy) {
    return new FulgurException(
        ErrorId.SAMPLES_DIFFER,
        "%s. The samples of a batch must have equal names, types and shapes. %s."
            .formatted(what, remedy));
  }
}
