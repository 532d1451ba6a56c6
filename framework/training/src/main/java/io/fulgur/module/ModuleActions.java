package io.fulgur.module;

import com.google.common.base.CaseFormat;
import io.fulgur.annotation.Hook;
import io.fulgur.profile.Actions;

/** What profilers call the methods of a module: as callbacks call theirs. */
final class ModuleActions {
  private ModuleActions() {}

  /** Returns e.g. {@code [Module]trainingStep} or {@code [Module]onTrainBatchEnd}. */
  static String name(Enum<?> method) {
    if (method instanceof StepKind kind) {
      return Actions.MODULE + camel(kind.annotation().getSimpleName());
    }
    boolean plain =
        method == Hook.SETUP || method == Hook.TEARDOWN || method.name().startsWith("CONFIGURE_");
    return Actions.MODULE
        + (plain ? "" : "on")
        + CaseFormat.UPPER_UNDERSCORE.to(
            plain ? CaseFormat.LOWER_CAMEL : CaseFormat.UPPER_CAMEL, method.name());
  }

  private static String camel(String name) {
    return Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }
}
