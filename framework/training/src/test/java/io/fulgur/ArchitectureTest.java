package io.fulgur;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.fulgur.error.ErrorId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrows between modules run one way: tensor, nn, training; and tensorboard, training. */
class ArchitectureTest {
  private static final String OURS = "io.fulgur..";
  private static final String ERROR = "io.fulgur.error..";
  private static final String TENSOR = "io.fulgur.tensor..";
  private static final String NN = "io.fulgur.nn..";
  private static final String TENSORBOARD = "io.fulgur.tensorboard..";

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    // An archive is a module's jar when the reactor packages, and its class folder when it only
    // tests.
    ImportOption noTests =
        location ->
            ImportOption.Predefined.DO_NOT_INCLUDE_TESTS.includes(location)
                && !location.contains("-tests.jar");
    classes = new ClassFileImporter().withImportOption(noTests).importPackages("io.fulgur");
  }

  @ParameterizedTest
  @ValueSource(strings = {"io.fulgur", "io.fulgur.tensor", "io.fulgur.nn", "io.fulgur.tensorboard"})
  void importClasses_everyModule_isSeen(String packageName) {
    assertThat(classes.containPackage(packageName)).isTrue();
  }

  @Test
  void tensor_dependsOn_nothingElseOfOurs() {
    assertDependsOnlyOn(TENSOR, List.of(TENSOR, ERROR));
  }

  @Test
  void nn_dependsOn_tensorOnly() {
    assertDependsOnlyOn(NN, List.of(NN, TENSOR, ERROR));
  }

  @Test
  void tensorboard_dependsOn_nothingElseOfOurs() {
    assertDependsOnlyOn(TENSORBOARD, List.of(TENSORBOARD));
  }

  @Test
  void metric_dependsOn_nothingThatTrains() {
    assertDependsOnlyOn(
        "io.fulgur.metric..",
        List.of(
            "io.fulgur.metric..", TENSOR, NN, ERROR, "io.fulgur.checkpoint..", "io.fulgur.data.."));
  }

  @Test
  void nd4j_isUsed_insideItsEngineOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.fulgur.tensor.nd4j..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.nd4j..")
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void guice_isUsed_aboveTheMathematicsOnly() {
    noClasses()
        .that()
        .resideInAnyPackage(TENSOR, NN, TENSORBOARD)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.google.inject..")
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void errorId_everyOne_isUsed() {
    Set<String> used =
        classes.stream()
            .filter(each -> !each.isEquivalentTo(ErrorId.class))
            .flatMap(each -> each.getFieldAccessesFromSelf().stream())
            .filter(access -> access.getTargetOwner().isEquivalentTo(ErrorId.class))
            .map(access -> access.getTarget().getName())
            .collect(Collectors.toSet());

    assertThat(ErrorId.values()).extracting(ErrorId::name).allMatch(used::contains);
  }

  @Test
  void errorId_labels_areTheNamesInCamelCase() {
    assertThat(ErrorId.values())
        .allSatisfy(
            id ->
                assertThat(id.label())
                    .isEqualToIgnoringCase(id.name().replace("_", ""))
                    .matches("([A-Z]+[a-z]+|[A-Z])+"));
  }

  private static void assertDependsOnlyOn(String module, List<String> allowed) {
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS).and(not(resideInAnyPackage(allowed.toArray(String[]::new)))))
        .allowEmptyShould(true)
        .check(classes);
  }
}
