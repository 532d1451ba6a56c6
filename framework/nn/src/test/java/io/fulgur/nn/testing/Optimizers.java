package io.fulgur.nn.testing;

import io.fulgur.nn.optimizer.Adadelta;
import io.fulgur.nn.optimizer.Adafactor;
import io.fulgur.nn.optimizer.Adagrad;
import io.fulgur.nn.optimizer.Adam;
import io.fulgur.nn.optimizer.AdamW;
import io.fulgur.nn.optimizer.LAMB;
import io.fulgur.nn.optimizer.LARS;
import io.fulgur.nn.optimizer.Lion;
import io.fulgur.nn.optimizer.NAdam;
import io.fulgur.nn.optimizer.Optimizer;
import io.fulgur.nn.optimizer.ParameterGroup;
import io.fulgur.nn.optimizer.RAdam;
import io.fulgur.nn.optimizer.RMSprop;
import io.fulgur.nn.optimizer.SGD;
import io.fulgur.tensor.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Every optimizer, by name, with each kind of state that it can have. */
public final class Optimizers {
  private Optimizers() {}

  /** Returns what makes each of them for parameters. */
  public static Map<String, Function<List<Parameter>, Optimizer>> all() {
    Map<String, Function<List<Parameter>, Optimizer>> all = new LinkedHashMap<>();
    all.put("SGD", p -> SGD.of(p).learningRate(0.1).weightDecay(0.1));
    all.put("SGD, momentum", p -> SGD.of(p).learningRate(0.1).momentum(0.9).dampening(0.1));
    all.put("SGD, Nesterov", p -> SGD.of(p).learningRate(0.1).momentum(0.9).nesterov(true));
    all.put("Adam", p -> Adam.of(p).learningRate(0.1));
    all.put(
        "Adam, two groups",
        p ->
            Adam.of(
                    ParameterGroup.of(p.subList(p.size() / 2, p.size())),
                    ParameterGroup.of(p.subList(0, p.size() / 2)).learningRate(0.01))
                .learningRate(0.1));
    all.put("AdamW", p -> AdamW.of(p).learningRate(0.1));
    all.put("AdamW, amsgrad", p -> AdamW.of(p).learningRate(0.1).amsgrad(true).maximize(true));
    all.put("NAdam", p -> NAdam.of(p).learningRate(0.1));
    all.put("RAdam", p -> RAdam.of(p).learningRate(0.1).betas(0.9, 0.9));
    all.put("RMSprop", p -> RMSprop.of(p).learningRate(0.1));
    all.put(
        "RMSprop, centered, momentum",
        p -> RMSprop.of(p).learningRate(0.1).centered(true).momentum(0.5));
    all.put(
        "Adagrad",
        p -> Adagrad.of(p).learningRate(0.1).learningRateDecay(0.1).initialAccumulatorValue(0.5));
    all.put("Adadelta", p -> Adadelta.of(p).weightDecay(0.1));
    all.put("Lion", p -> Lion.of(p).learningRate(0.1));
    all.put("LARS", p -> LARS.of(p).learningRate(10).weightDecay(0.1));
    all.put("LAMB", p -> LAMB.of(p).learningRate(0.1));
    all.put("Adafactor", p -> Adafactor.of(p));
    all.put(
        "Adafactor, momentum",
        p -> Adafactor.of(p).relativeStep(false).learningRate(0.1).beta1(0.9));
    return all;
  }
}
