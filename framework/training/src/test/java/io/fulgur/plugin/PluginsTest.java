package io.fulgur.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.inject.Module;
import io.fulgur.Trainer;
import io.fulgur.TrainerBuilder;
import io.fulgur.callback.Callback;
import io.fulgur.error.FulgurException;
import io.fulgur.log.CsvLogger;
import io.fulgur.log.Logger;
import io.fulgur.precision.PrecisionPlugin;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {
  /** What {@link GoodPlugin} adds to every trainer. */
  static final class AddedCallback implements Callback {}

  /** What {@link GoodPlugin} puts in the place of the default. */
  static final class OwnPrecision implements PrecisionPlugin {}

  /** Binds at a set and at a default. */
  public static final class GoodPlugin implements FulgurPlugin {
    @Override
    public String name() {
      return "good";
    }

    @Override
    public String version() {
      return "1.0";
    }

    @Override
    public Module module() {
      return binder -> {
        Extensions.callbacks(binder).addBinding().toInstance(new AddedCallback());
        Extensions.precision(binder).setBinding().toInstance(new OwnPrecision());
      };
    }
  }

  /** Has one option. */
  public static final class NamedCallback implements Callback {
    private int size;

    /** Sets the option. */
    public NamedCallback size(int newSize) {
      size = newSize;
      return this;
    }
  }

  /** Lets files ask for a callback. */
  public static final class NamingPlugin implements FulgurPlugin {
    @Override
    public String name() {
      return "naming";
    }

    @Override
    public String version() {
      return "1.0";
    }

    @Override
    public Module module() {
      return binder -> {};
    }

    @Override
    public Map<String, Supplier<?>> namedCallbacks() {
      return Map.of("Named", NamedCallback::new);
    }

    @Override
    public Map<String, Function<Path, ?>> namedLoggers() {
      return Map.of("Named", root -> new CsvLogger(root.resolve("named")));
    }
  }

  /** Asks for something that nobody binds. */
  public static final class BrokenPlugin implements FulgurPlugin {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public String version() {
      return "1.0";
    }

    @Override
    public Module module() {
      throw new IllegalStateException("on purpose");
    }
  }

  @TempDir Path folder;

  private static TrainerBuilder trainer() {
    return Trainer.builder()
        .maxEpochs(1)
        .enableLogging(false)
        .enableCheckpointing(false)
        .enableProgressBar(false)
        .enableModelSummary(false);
  }

  /** Builds a trainer while a service file names plugins. */
  private Trainer build(TrainerBuilder builder, Class<?>... plugins) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.write(
        services.resolve(FulgurPlugin.class.getName()),
        List.of(plugins).stream().map(Class::getName).toList());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      return builder.build();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void build_pluginOnTheClassPath_isUsed() throws IOException {
    Trainer trainer = build(trainer(), GoodPlugin.class);

    assertThat(trainer.callbacks()).hasExactlyElementsOfTypes(AddedCallback.class);
    assertThat(trainer.precision()).isInstanceOf(OwnPrecision.class);
  }

  @Test
  void build_fileNamesACallbackOfAPlugin_hasIt() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "callbacks: [Named: {size: 3}]");
    Trainer trainer = build(trainer().fromYaml(file), NamingPlugin.class);

    assertThat(trainer.callbacks())
        .singleElement()
        .isInstanceOfSatisfying(NamedCallback.class, made -> assertThat(made.size).isEqualTo(3));
    assertThatThrownBy(
            () -> build(trainer().fromYaml(file).excludePlugin("naming"), NamingPlugin.class))
        .hasMessageContaining("There is no callback \"Named\"");
  }

  @Test
  void build_fileNamesALoggerOfAPlugin_hasItInTheRootDir() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), "loggers: [Named]");
    TrainerBuilder builder = trainer().enableLogging(true).defaultRootDir(folder).fromYaml(file);

    assertThat(build(builder, NamingPlugin.class).loggers())
        .singleElement()
        .extracting(Logger::saveDir)
        .isEqualTo(folder.resolve("named"));
    assertThatThrownBy(() -> build(builder.excludePlugin("naming"), NamingPlugin.class))
        .hasMessageContaining("There is no logger \"Named\"");
  }

  @Test
  void build_excludedPlugin_isNotUsed() throws IOException {
    Trainer trainer = build(trainer().excludePlugin("good"), GoodPlugin.class);

    assertThat(trainer.callbacks()).isEmpty();
    assertThat(trainer.precision()).isNotInstanceOf(OwnPrecision.class);
  }

  @Test
  void build_usersChoice_goesBeforeAPlugins() throws IOException {
    PrecisionPlugin own = new PrecisionPlugin() {};
    Trainer trainer = build(trainer().precision(own), GoodPlugin.class);

    assertThat(trainer.precision()).isSameAs(own);
  }

  @Test
  void build_brokenPlugin_isNamed() {
    assertThatThrownBy(() -> build(trainer(), BrokenPlugin.class))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll(
            "[PluginFailed] The plugin broken 1.0 failed in module()",
            "on purpose",
            "excludePlugin(\"broken\")");
  }

  @Test
  void build_pluginThatCannotBeLoaded_isNamed() {
    assertThatThrownBy(() -> build(trainer(), AddedCallback.class))
        .isInstanceOf(FulgurException.class)
        .hasMessageContainingAll("[PluginFailed]", AddedCallback.class.getName());
  }

  @Test
  void select_twoOfOneName_isAnError() {
    assertThatThrownBy(() -> Plugins.select(List.of(new GoodPlugin(), new GoodPlugin()), Set.of()))
        .isInstanceOf(FulgurException.class)
        .hasMessageContaining("[PluginFailed] Two plugins are called \"good\"");
  }
}
