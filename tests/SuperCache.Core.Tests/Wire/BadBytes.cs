using SuperCache.Wire;

namespace SuperCache.Core.Tests.Wire;

/// <summary>Makes bad frames and values out of good ones, or of nothing, from a seed.</summary>
internal sealed class BadBytes(int seed, IReadOnlyList<byte[]> goodFrames, IReadOnlyList<byte[]> goodValues)
{
    /// <summary>Bytes that begin something long, or end something.</summary>
    private static readonly byte[] Telling =
    [
        0, 1, 0x7F, 0x80, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xC4, 0xC5, 0xC6, 0xC7, 0xCF, 0xD3, 0xD9, 0xDB,
        0xDC, 0xDD, 0xDF, 0xFF, 32, 33, 34, 35, 36, 37, 38,
    ];

    private readonly Random _random = new(seed);

    /// <summary>A frame, some with a checksum that is right although the rest is not.</summary>
    public byte[] Frame()
    {
        switch (_random.Next(8))
        {
            case 0:
                return Noise();
            case 1:
                byte[] noise = [.. Pick(goodFrames)[..PeerFrame.HeaderSize], .. Noise()];
                FrameTests.Seal(noise);
                return noise;
            case 2:
                return Mutated(Pick(goodFrames), from: 0);
            case 3:
                byte[] sealedAgain = Mutated(Pick(goodFrames), from: 0);
                if (sealedAgain.Length >= PeerFrame.HeaderSize)
                {
                    FrameTests.Seal(sealedAgain);
                }

                return sealedAgain;
            case 4:
                byte[] body = Mutated(Pick(goodFrames), from: PeerFrame.HeaderSize);
                FrameTests.Seal(body);
                return body;
            default:
                int count = _random.Next(1, 4);
                IEnumerable<int> messages = Enumerable.Range(0, count);
                return FrameTests.Frame([.. messages.Select(_ => ((byte)_random.Next(256), Value()))]);
        }
    }

    /// <summary>An encoded value that was tampered with, noise that begins as one, or sequences in one
    /// another.</summary>
    private byte[] Value() => _random.Next(8) switch
    {
        0 => [WireCodec.FormVersion, .. Noise()],
        1 => Nested(),
        _ => Mutated(Pick(goodValues), from: _random.Next(2)),
    };

    /// <summary>Arrays of objects, each the first item of the one around it, some claiming all that is left; or lists
    /// of lists by their type.</summary>
    private byte[] Nested()
    {
        if (_random.Next(8) == 0)
        {
            return [WireCodec.FormVersion, .. Enumerable.Repeat((byte)34, _random.Next(1, 30)), 7, 0x90];
        }

        List<byte> bytes = [WireCodec.FormVersion];
        int levels = _random.Next(1, 30);
        for (int i = 0; i < levels; i++)
        {
            bytes.AddRange(_random.Next(6) == 0 ? [33, 1, 0xDC, 0, (byte)_random.Next(256)] : [33, 1, 0x91]);
        }

        return [.. bytes, .. _random.Next(2) == 0 ? [7, 1] : Noise()];
    }

    private byte[] Mutated(byte[] good, int from)
    {
        List<byte> bytes = [.. good];
        int changes = _random.Next(1, 4);
        for (int i = 0; i < changes; i++)
        {
            int at = from + _random.Next(Math.Max(1, bytes.Count - from));
            if (at < bytes.Count)
            {
                Change(bytes, at);
            }
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes, int at)
    {
        switch (_random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = Pick(Telling);
                break;
            case 2:
                bytes.Insert(at, Pick(Telling));
                break;
            case 3:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, _random.Next(1, 5)));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                byte[] huge = BitConverter.GetBytes(_random.Next(2) == 0 ? int.MaxValue : _random.Next());
                bytes.InsertRange(at, huge);
                break;
            default:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, _random.Next(1, 20))));
                break;
        }
    }

    private byte[] Noise()
    {
        byte[] bytes = new byte[_random.Next(200)];
        _random.NextBytes(bytes);
        for (int i = 0; i < bytes.Length; i++)
        {
            if (_random.Next(2) == 0)
            {
                bytes[i] = Pick(Telling);
            }
        }

        return bytes;
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
