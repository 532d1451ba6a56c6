package io.fulgur.callback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.annotation.ConfigureOptimizers;
import io.fulgur.annotation.TrainingStep;
import io.fulgur.annotation.ValidationStep;
import io.fulgur.data.ArrayDataset;
import io.fulgur.data.Batch;
import io.fulgur.data.DataLoader;
import io.fulgur.data.HostArray;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.OptimizerPlan;
import io.fulgur.nn.BatchNorm1d;
import io.fulgur.nn.Linear;
import io.fulgur.nn.Losses;
import io.fulgur.nn.Sequential;
import io.fulgur.nn.Tanh;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.nn.schedule.StepLR;
import io.fulgur.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The network, data and training of {@code make_callbacks.py}. */
public class ReferenceNet extends FulgurModule {
  /** What PyTorch computed. */
  public static final JsonNode REFERENCE = read();

  /** The number of batches of an epoch. */
  public static final int BATCHES = 3;

  private static final int SAMPLES = 4;

  protected final Linear backbone = new Linear(3, 4);
  protected final Sequential rest =
      new Sequential(new BatchNorm1d(4), new Tanh(), new Linear(4, 1));
  private final boolean scheduled;

  /** The learning rate of each epoch. */
  public final List<Double> learningRates = new ArrayList<>();

  /** The loss of each validation. */
  public final List<Double> validationLosses = new ArrayList<>();

  /**
   * Makes a network with the weights of the reference.
   *
   * @param scheduled whether the learning rate falls to 0.9 of it after each epoch
   */
  public ReferenceNet(boolean scheduled) {
    this.scheduled = scheduled;
    Map<String, Tensor> weights = new LinkedHashMap<>();
    REFERENCE
        .get("initial")
        .properties()
        .forEach(each -> weights.put(ownName(each.getKey()), tensor(each.getValue())));
    loadStateDict(weights, /* strict= */ false);
  }

  private static JsonNode read() {
    try (InputStream in = ReferenceNet.class.getResourceAsStream("callbacks.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ownName(String name) {
    int dot = name.indexOf('.');
    int index = Integer.parseInt(name.substring(0, dot));
    String own =
        name.substring(dot)
            .replace("running_mean", "runningMean")
            .replace("running_var", "runningVar");
    return (index == 0 ? "backbone" : "rest." + (index - 1)) + own;
  }

  private static double[] doubles(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }

  private static Tensor tensor(JsonNode node) {
    long[] shape =
        StreamSupport.stream(node.get("shape").spliterator(), false)
            .mapToLong(JsonNode::asLong)
            .toArray();
    double[] values = doubles(node.get("values"));
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return Tensor.of(floats, shape);
  }

  /** Returns the numbers of a list of the reference. */
  public static double[] numbers(String name, String list) {
    return doubles(REFERENCE.get(name).get(list));
  }

  /** Returns the weights of the reference by this network's names. */
  public static Map<String, double[]> weights(String name, String state) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    REFERENCE
        .get(name)
        .get(state)
        .properties()
        .forEach(
            each -> weights.put(ownName(each.getKey()), doubles(each.getValue().get("values"))));
    return weights;
  }

  /** Returns what a module's state is now, as a copy. */
  public static Map<String, double[]> weights(FulgurModule module) {
    return values(module.stateDict());
  }

  /** Returns the values of tensors, as a copy. */
  public static Map<String, double[]> values(Map<String, Tensor> tensors) {
    Map<String, double[]> values = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> values.put(name, tensor.toDoubleArray()));
    return values;
  }

  /** Returns the data of the reference, in order. */
  public static DataLoader data() {
    return loader(doubles(REFERENCE.get("inputs")), doubles(REFERENCE.get("targets")));
  }

  private static DataLoader loader(double[] inputs, double[] targets) {
    float[] x = new float[inputs.length];
    float[] y = new float[targets.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) inputs[i];
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) targets[i];
    }
    return DataLoader.builder(
            ArrayDataset.of("x", HostArray.of(x, y.length, 3))
                .with("y", HostArray.of(y, y.length, 1)))
        .batchSize(SAMPLES)
        .build();
  }

  /** Returns a trainer that neither writes files nor to the console. */
  public static TrainerBuilder trainer(int epochs, Callback... callbacks) {
    return Trainer.builder()
        .maxEpochs(epochs)
        .enableLogging(false)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false)
        .callbacks(callbacks);
  }

  @Override
  public Tensor forward(Tensor input) {
    return rest.call(backbone.call(input));
  }

  private Tensor loss(Batch batch) {
    return Losses.mse(forward(batch.get("x")), batch.get("y"));
  }

  @TrainingStep
  protected Tensor trainingStep(Batch batch, int batchIndex) {
    return loss(batch);
  }

  @ValidationStep
  protected void validationStep(Batch batch) {
    Tensor loss = loss(batch);
    validationLosses.add(loss.item());
    log("val_loss", loss);
  }

  @ConfigureOptimizers
  protected OptimizerPlan configureOptimizers() {
    SGD optimizer = SGD.of(trainableParameters()).learningRate(0.1).momentum(0.9);
    OptimizerPlan plan = OptimizerPlan.of(optimizer);
    return scheduled ? plan.withScheduler(new StepLR(optimizer, 1, 0.9)) : plan;
  }
}
