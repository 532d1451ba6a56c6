package io.fulgur.weave;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes when they are loaded.
 *
 * <p>ByteBuddy's {@code AgentBuilder} would do it, but it touches {@code sun.misc.Unsafe} when it
 * is made, of which JDK 24 and later warn.
 */
final class WeavingTransformer implements ClassFileTransformer {
  /** Packages in which nobody writes modules; looking at their classes would only take time. */
  private static final String[] FOREIGN = {
    "java/",
    "javax/",
    "jdk/",
    "sun/",
    "com/sun/",
    "net/bytebuddy/",
    "org/junit/",
    "org/assertj/",
    "org/nd4j/",
    "org/bytedeco/",
    "com/google/",
    "com/fasterxml/",
    "org/slf4j/",
    "org/jacoco/",
    "io/fulgur/weave/"
  };

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (className == null || redefined != null || isForeign(className)) {
      return null;
    }
    String name = className.replace('/', '.');
    try {
      return weave(loader, name, classFile);
    } catch (Throwable e) {
      // Whatever a transformer throws, the JVM drops silently.
      HyperparameterCapture.failed(name, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static boolean isForeign(String className) {
    for (String prefix : FOREIGN) {
      if (className.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static byte @Nullable [] weave(
      @Nullable ClassLoader loader, String name, byte[] classFile) {
    ClassFileLocator locator =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(name, classFile),
            ClassFileLocator.ForClassLoader.of(loader));
    if (!HyperparameterWeaver.wants(describe(name, locator, TypePool.Default.ReaderMode.FAST))) {
      return null;
    }
    TypeDescription type = describe(name, locator, TypePool.Default.ReaderMode.EXTENDED);
    return HyperparameterWeaver.weave(new ByteBuddy().decorate(type, locator), type)
        .make()
        .getBytes();
  }

  private static TypeDescription describe(
      String name, ClassFileLocator locator, TypePool.Default.ReaderMode mode) {
    return new TypePool.Default(TypePool.CacheProvider.Simple.withObjectType(), locator, mode)
        .describe(name)
        .resolve();
  }
}
