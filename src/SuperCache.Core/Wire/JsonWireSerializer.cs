using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace SuperCache.Wire;

/// <summary>Carries an application type as the UTF-8 JSON that its source-generated type info describes.</summary>
internal sealed class JsonWireSerializer<T>(JsonTypeInfo<T> typeInfo) : IWireSerializer<T>
{
    public void Serialize(T value, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target);
        JsonSerializer.Serialize(writer, value, typeInfo);
    }

    public T Deserialize(ReadOnlySpan<byte> source) => JsonSerializer.Deserialize(source, typeInfo)!;
}
