namespace ZeroShotCir.Extensions.Http.Transport;

/// <summary>A service refuses what a request asks about; it says nothing about other inputs.</summary>
internal sealed class RefusedInputsException(string message) : Exception(message);
