package io.fulgur.module;

import io.fulgur.RunKind;
import io.fulgur.error.ErrorId;
import io.fulgur.error.FulgurException;
import java.util.List;

/**
 * Everything that is wrong with a module's annotated methods.
 *
 * @since 0.1
 */
public final class ModuleBindingException extends FulgurException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial")
  private final List<BindingMistake> mistakes;

  ModuleBindingException(Class<?> module, RunKind kind, List<BindingMistake> mistakes) {
    super(ErrorId.INVALID_MODULE, text(module, kind, mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** Returns the mistakes in the order of the message, at least one. */
  public List<BindingMistake> mistakes() {
    return mistakes;
  }

  private static String text(Class<?> module, RunKind kind, List<BindingMistake> mistakes) {
    StringBuilder text = new StringBuilder();
    text.append(Signatures.name(module)).append(" cannot be used for ").append(kind.label());
    text.append(mistakes.size() == 1 ? ": 1 mistake." : ": " + mistakes.size() + " mistakes.");
    for (int i = 0; i < mistakes.size(); i++) {
      text.append("\n\n").append(i + 1).append(") ").append(mistakes.get(i));
    }
    return text.toString();
  }
}
