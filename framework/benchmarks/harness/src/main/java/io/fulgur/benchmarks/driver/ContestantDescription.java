package io.fulgur.benchmarks.driver;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to start a contestant.
 *
 * @param module the folder of its Maven module, relative to the catalogue
 * @param mainClass calls {@link io.fulgur.benchmarks.contestant.ContestantMain}
 * @param about what is measured, in a line
 * @param environment variables beside those that all contestants get
 * @param jvmArguments arguments beside those that all contestants get
 */
record ContestantDescription(
    @JsonProperty(required = true) String module,
    @JsonProperty(required = true) String mainClass,
    @JsonProperty(required = true) String about,
    Map<String, String> environment,
    List<String> jvmArguments) {

  ContestantDescription(
      String module,
      String mainClass,
      String about,
      @Nullable Map<String, String> environment,
      @Nullable List<String> jvmArguments) {
    this.module = module;
    this.mainClass = mainClass;
    this.about = about;
    this.environment = environment == null ? Map.of() : Map.copyOf(environment);
    this.jvmArguments = jvmArguments == null ? List.of() : List.copyOf(jvmArguments);
  }
}
