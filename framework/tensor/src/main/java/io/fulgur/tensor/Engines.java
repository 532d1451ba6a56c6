package io.fulgur.tensor;

import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** Finds the default engine, once. */
final class Engines {
  private Engines() {}

  static final class Holder {
    static final Engine DEFAULT = find(System.getProperty("fulgur.engine", ""));

    private Holder() {}
  }

  private static Engine find(String wanted) {
    List<Engine> engines =
        ServiceLoader.load(Engine.class, Engine.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .filter(engine -> wanted.isEmpty() || engine.name().equals(wanted))
            .collect(Collectors.toList());
    if (engines.isEmpty()) {
      throw new FulgurException(
          ErrorId.NO_ENGINE,
          "No tensor engine"
              + (wanted.isEmpty()
                  ? ""
                  : " named \"" + wanted + "\" (system property fulgur.engine)")
              + " is on the class path. Add io.fulgur:fulgur-tensor with an ND4J backend.");
    }
    return engines.get(0);
  }
}
