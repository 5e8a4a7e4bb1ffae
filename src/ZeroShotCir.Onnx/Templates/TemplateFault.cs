namespace ZeroShotCir.Onnx.Templates;

/// <summary>What a template has that is not understood here; whoever knows the file names it.</summary>
internal sealed class TemplateFault(string what) : Exception(what);
