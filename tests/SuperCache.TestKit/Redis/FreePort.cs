using System.Net;
using System.Net.Sockets;

namespace SuperCache.TestKit.Redis;

/// <summary>Finds a port of the loopback interface that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>Draws one; somebody else may take it before it is used, so whoever listens must check.</summary>
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
