package io.fulgur.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fulgur.RunKind;
import io.fulgur.annotation.SaveHyperparameters;
import io.fulgur.error.FulgurException;
import io.fulgur.module.FulgurModule;
import io.fulgur.module.ModuleBinder;
import io.fulgur.module.ModuleFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings({"UnusedMethod", "UnusedVariable"}) // Called by generated code only.
class HyperparameterWeavingTest {
  private static final List<String> PARAMETERS = List.of("-parameters", "-g:none");
  private static final List<String> DEBUG = List.of("-g");

  @TempDir static Path folder;

  /** When a class is woven. */
  enum Way {
    BUILD {
      @Override
      ClassLoader loader(Sources sources) {
        Sources woven = sources.weaveInBuild();
        assertThat(woven.woven()).isPositive();
        return woven.loader();
      }
    },
    LOAD {
      @Override
      ClassLoader loader(Sources sources) {
        return sources.weavingLoader();
      }
    };

    abstract ClassLoader loader(Sources sources);
  }

  /** Runs {@code Main}, whose {@code get} makes a module with {@code new}. */
  private FulgurModule make(Way way, List<String> options, String main, String... more)
      throws Exception {
    String[] sources = new String[more.length + 2];
    sources[0] = "Main";
    sources[1] =
        "public class Main implements java.util.function.Supplier<FulgurModule> {"
            + " public FulgurModule get() { "
            + main
            + " } }";
    System.arraycopy(more, 0, sources, 2, more.length);
    ClassLoader loader = way.loader(Sources.compile(folder, options, sources));
    return (FulgurModule)
        ((Supplier<?>) loader.loadClass("user.Main").getDeclaredConstructor().newInstance()).get();
  }

  private static final String NET =
      "@SaveHyperparameters class Net extends FulgurModule {"
          + " Net(int hidden, double learningRate) {} }";

  @ParameterizedTest
  @EnumSource
  void hparams_afterNew_holdTheArguments(Way way) throws Exception {
    FulgurModule module = make(way, PARAMETERS, "return new Net(128, 1e-3);", "Net", NET);

    assertThat(module.hparams().asMap())
        .containsExactly(Map.entry("hidden", 128L), Map.entry("learningRate", 1e-3));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_namesInDebugInformationOnly_areFound(Way way) throws Exception {
    FulgurModule module = make(way, DEBUG, "return new Net(128, 1e-3);", "Net", NET);

    assertThat(module.hparams().names()).containsExactly("hidden", "learningRate");
  }

  @ParameterizedTest
  @EnumSource
  void hparams_wideArgumentsAndBranchesBeforeSuper_areRight(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net(7L, 2.5, true, \"x\");",
            "Base",
            "abstract class Base extends FulgurModule { Base(long a, double b) {} }",
            "Net",
            "@SaveHyperparameters class Net extends Base { long sum;"
                + " Net(long first, double second, boolean third, String fourth) {"
                + " super(third ? first : -first, fourth == null ? 0 : second);"
                + " for (int i = 0; i < 3; i++) { if (third) { sum += i; } }"
                + " first = 0; fourth = null; } }");

    assertThat(module.hparams().asMap())
        .isEqualTo(Map.of("first", 7L, "second", 2.5, "third", true, "fourth", "x"));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_argumentsChangedByTheConstructor_areAsPassed(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net(new int[] {1, 2}, new ArrayList<>(List.of(3)));",
            "Net",
            "@SaveHyperparameters class Net extends FulgurModule {"
                + " Net(int[] sizes, List<Integer> more) { sizes[0] = 9; more.clear(); } }");

    assertThat(module.hparams().asMap())
        .isEqualTo(Map.of("sizes", List.of(1L, 2L), "more", List.of(3L)));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_ignoredAndUnsupportedArguments_areLeftOut(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net(3, \"secret\", new Thread());",
            "Net",
            "@SaveHyperparameters(ignore = \"token\") class Net extends FulgurModule {"
                + " Net(int size, String token, Thread helper) {} }");

    assertThat(module.hparams().asMap()).isEqualTo(Map.of("size", 3L));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_constructorsChained_holdTheValuesInEffect(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net(5);",
            "Net",
            "@SaveHyperparameters class Net extends FulgurModule {"
                + " Net(int size) { this(size > 3 ? size : 3, 0.5); }"
                + " Net(int size, double dropout) {} }");

    assertThat(module.hparams().asMap()).isEqualTo(Map.of("size", 5L, "dropout", 0.5));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_innerConstructorTakesWhatCannotBeSaved_holdTheOuterOnes(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net(5);",
            "Net",
            "@SaveHyperparameters class Net extends FulgurModule {"
                + " Net(int size) { this(new Thread()); } Net(Thread helper) {} }");

    assertThat(module.hparams().asMap()).isEqualTo(Map.of("size", 5L));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_subclassOfAnnotated_holdItsOwnArguments(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Sub(\"a\");",
            "Net",
            NET,
            "Sub",
            "class Sub extends Net { Sub(String name) { super(1, 2.0); } }");

    assertThat(module.hparams().asMap()).isEqualTo(Map.of("name", "a"));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_anonymousSubclass_holdTheSuperclassesArguments(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net(4, 0.1) { public String toString() { return \"mine\"; } };",
            "Net",
            NET);

    assertThat(module.hparams().asMap()).isEqualTo(Map.of("hidden", 4L, "learningRate", 0.1));
  }

  @ParameterizedTest
  @EnumSource
  void hparams_localClass_holdDeclaredParametersOnly(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            List.of("-g", "-parameters"),
            "int captured = hashCode();"
                + " @SaveHyperparameters class Local extends FulgurModule {"
                + " Local(int size) {} int get() { return captured; } }"
                + " return new Local(6);");

    assertThat(module.hparams().asMap()).isEqualTo(Map.of("size", 6L));
  }

  @ParameterizedTest
  @EnumSource
  void new_constructorThrows_exceptionComesOutAsItIs(Way way) {
    assertThatThrownBy(
            () ->
                make(
                    way,
                    DEBUG,
                    "return new Net(4);",
                    "Net",
                    "@SaveHyperparameters class Net extends FulgurModule {"
                        + " Net(int size) { throw new IllegalStateException(\"mine\"); } }"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("mine");
  }

  @ParameterizedTest
  @EnumSource
  void hparams_noParameters_areEmpty(Way way) throws Exception {
    FulgurModule module =
        make(
            way,
            DEBUG,
            "return new Net();",
            "Net",
            "@SaveHyperparameters class Net extends FulgurModule {}");

    assertThat(module.hparams().isEmpty()).isTrue();
  }

  @Test
  void weave_wovenBefore_changesNothing() throws Exception {
    Sources sources = Sources.compile(folder, DEBUG, "Net", NET);

    Sources woven = sources.weaveInBuild();

    assertThat(woven.woven()).isEqualTo(1);
    assertThat(woven.weaveInBuild().woven()).isZero();
    assertThat(
            new WeavingTransformer()
                .transform(woven.loader(), "user/Net", null, null, woven.bytes("Net")))
        .isNull();
  }

  @Test
  void weave_classesNobodyAnnotated_changesNothing() {
    Sources sources =
        Sources.compile(
            folder, DEBUG, "Plain", "class Plain extends FulgurModule { Plain(int a) {} }");

    assertThat(sources.weaveInBuild().woven()).isZero();
  }

  @Test
  void weaveInBuild_parametersWithoutNames_failsTheBuild() {
    Sources sources = Sources.compile(folder, List.of("-g:none"), "Net", NET);

    assertThatThrownBy(sources::weaveInBuild)
        .isInstanceOf(FulgurException.class)
        .hasMessage(
            "[HyperparametersNotCaptured] The parameters of the constructor Net(int, double) have"
                + " no names in the class file. Compile it with -parameters or with debug"
                + " information (-g).");
  }

  @Test
  void hparams_parametersWithoutNames_sayWhy() throws Exception {
    FulgurModule module = make(Way.LOAD, List.of("-g:none"), "return new Net(1, 2);", "Net", NET);

    assertThatThrownBy(module::hparams)
        .hasMessageContaining("user.Net")
        .hasMessageContaining("Compile it with -parameters");
  }

  @Test
  void weaveInBuild_ignoredParameterDoesNotExist_failsTheBuild() {
    Sources sources =
        Sources.compile(
            folder,
            DEBUG,
            "Net",
            "@SaveHyperparameters(ignore = \"hiden\") class Net extends FulgurModule {"
                + " Net(int hidden, int layers) {} }");

    assertThatThrownBy(sources::weaveInBuild)
        .hasMessage(
            "[UnknownHyperparameter] @SaveHyperparameters of user.Net ignores \"hiden\", but no"
                + " constructor has a parameter of that name. There are: hidden, layers.");
  }

  // ---------------------------------------------------------------- without a weaver

  private Class<?> unwoven(List<String> options) throws ClassNotFoundException {
    return Sources.compile(folder, options, "Net", NET).loader().loadClass("user.Net");
  }

  @Test
  void hparams_notWoven_sayWhatToDo() throws Exception {
    FulgurModule module = construct(Sources.compile(folder, DEBUG, "Net", NET).loader());

    assertThatThrownBy(module::hparams)
        .hasMessageContaining("[HyperparametersNotCaptured]")
        .hasMessageContaining("user.Net were not recorded")
        .hasMessageContaining("byte-buddy-maven-plugin")
        .hasMessageContaining("-javaagent:")
        .hasMessageContaining("ModuleFactory.create");
    assertThat(HyperparameterCapture.isCaptured(module)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void bound_wovenOrNot_givesWhatThereIs(Way way) throws Exception {
    String steps = NET.replace("{}", "{} @ValidationStep void validate() {}");
    Sources sources = Sources.compile(folder, DEBUG, "Net", steps);
    FulgurModule unwoven = construct(sources.loader());
    FulgurModule woven = construct(way.loader(sources));

    assertThat(ModuleBinder.bind(unwoven, RunKind.VALIDATE).hyperparameters().isEmpty()).isTrue();
    assertThat(ModuleBinder.bind(woven, RunKind.VALIDATE).hyperparameters().asMap())
        .isEqualTo(Map.of("hidden", 1L, "learningRate", 2.0));
  }

  private static FulgurModule construct(ClassLoader loader) throws Exception {
    var constructor = loader.loadClass("user.Net").getDeclaredConstructor(int.class, double.class);
    constructor.setAccessible(true);
    return (FulgurModule) constructor.newInstance(1, 2.0);
  }

  @ParameterizedTest
  @CsvSource({"-g", "-parameters"})
  void factory_notWoven_recordsTheArguments(String option) throws Exception {
    FulgurModule module =
        (FulgurModule)
            ModuleFactory.create(unwoven(List.of(option)), Map.of("hidden", 3, "learningRate", 1));

    assertThat(module.hparams().asMap())
        .containsExactly(Map.entry("hidden", 3L), Map.entry("learningRate", 1.0));
  }

  @ParameterizedTest
  @EnumSource
  void factory_wovenAndNamesInDebugInformationOnly_findsTheConstructor(Way way) throws Exception {
    Class<?> net = way.loader(Sources.compile(folder, DEBUG, "Net", NET)).loadClass("user.Net");

    FulgurModule module =
        (FulgurModule)
            ModuleFactory.create(
                net.asSubclass(FulgurModule.class), Map.of("hidden", 3, "learningRate", 1));

    assertThat(module.hparams().asMap())
        .containsExactly(Map.entry("hidden", 3L), Map.entry("learningRate", 1.0));
  }

  @SaveHyperparameters
  static class Unwoven extends FulgurModule {
    Unwoven(int size) {}
  }

  static class NotAnnotated extends FulgurModule {}

  @Test
  void hparams_notAnnotated_areNone() {
    assertThat(new NotAnnotated().hparams().isEmpty()).isTrue();
    assertThat(HyperparameterCapture.isWanted(new NotAnnotated())).isFalse();
    assertThat(HyperparameterCapture.isWanted(new Unwoven(1))).isTrue();
  }
}
