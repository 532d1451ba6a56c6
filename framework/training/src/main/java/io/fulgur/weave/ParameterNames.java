package io.fulgur.weave;

import java.util.List;
import net.bytebuddy.asm.AsmVisitorWrapper;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Writes the names of a constructor's parameters down, as {@code javac -parameters} does.
 *
 * <p>Where debug information alone names them, weaving would lose the names: with code before the
 * constructor's own, its variables no longer begin where a method's parameters do.
 */
final class ParameterNames implements AsmVisitorWrapper.ForDeclaredMethods.MethodVisitorWrapper {
  private final List<String> names;

  /**
   * @param names in order; empty for a parameter that the compiler added
   */
  ParameterNames(List<String> names) {
    this.names = names;
  }

  @Override
  public MethodVisitor wrap(
      TypeDescription type,
      MethodDescription method,
      MethodVisitor visitor,
      Implementation.Context context,
      TypePool typePool,
      int writerFlags,
      int readerFlags) {
    if (!method.getParameters().hasExplicitMetaData()) {
      for (String name : names) {
        @Nullable String written = name.isEmpty() ? null : name;
        visitor.visitParameter(written, written == null ? Opcodes.ACC_SYNTHETIC : 0);
      }
    }
    return visitor;
  }
}
